using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

/// <summary>Whatever a server sends, the work is bounded by counts; what fits inside the bounds is found.</summary>
public class PathBoundsTests
{
    private const string Name = "CN=One of many";
    private static readonly X509Certificate2 Root = Pki.Root.Certificate;
    private static readonly Lazy<X509Certificate2[]> AllNamesakes = new(
        () => [.. Enumerable.Range(0, 1000).Select(_ => Pki.Root.Intermediate(Name).Certificate)]);

    [Theory]
    [InlineData(PathFinder.Depth, true)]
    [InlineData(PathFinder.Depth + 1, false)]
    public async Task APath_HasSixteenCertificatesAtMost(int length, bool isAccepted)
    {
        // The root and the server's certificate are two of them.
        var authorities = new List<TestCA> { Pki.Root };
        for (var i = 2; i < length; i++)
        {
            authorities.Add(authorities[^1].Intermediate($"CN=Level {i}"));
        }

        var server = authorities[^1].IssueServer(Pki.Host);
        X509Certificate2[] sent = [.. authorities.Skip(1).Select(authority => authority.Certificate)];

        Assert.Equal(isAccepted, Verdict.Of([Root], server, sent).IsValid);
        Assert.Equal(isAccepted, Verdict.Of([Root], server, [.. sent.Reverse()]).IsValid);
        if (isAccepted)
        {
            await Verdict.IsAcceptedInAHandshake(Pki.Trusting(), server, sent);
        }
        else
        {
            await Verdict.IsRefusedInAHandshake("FTLS5011", Pki.Trusting(), server, sent);
        }
    }

    [Fact]
    public void AThousandIntermediatesOfOneName_AreTriedWithinTheBounds()
    {
        using var untold = Pki.Root.Intermediate(Name);
        var server = untold.IssueServer(Pki.Host);
        var others = Namesakes(1000);

        AssertBounded(server, others);
        Assert.False(Verdict.Of([Root], server, others).IsValid);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(1000)]
    public void AmongAThousandIntermediatesOfOneName_TheOneWithTheKeyIdentifierIsFound(int place)
    {
        using var right = Pki.Root.Intermediate(Name);
        var sent = Namesakes(1000).ToList();
        sent.Insert(place, right.Certificate);

        var paths = Find(right.IssueServer(Pki.Host), [.. sent]);

        Assert.True(paths[0][1].RawData.Span.SequenceEqual(right.Certificate.RawData));
        Verdict.IsAccepted(Verdict.Of([Root], right.IssueServer(Pki.Host), [.. sent]));
    }

    [Fact]
    public void IntermediatesThatCertifyEachOther_AreFollowedWithinTheBounds()
    {
        // Every one of 15 is certified by 14 others, and one by the root: 210 ways round and round.
        var circle = Enumerable.Range(0, 15).Select(i => TestCA.Root($"CN=Circle {i}")).ToList();
        var sent = circle.SelectMany(by => circle.Where(authority => authority != by).Select(authority => by.CrossSign(authority).Certificate))
            .Append(Pki.Root.CrossSign(circle[0]).Certificate).ToArray();
        Assert.True(sent.Length > 200);
        var server = circle[14].IssueServer(Pki.Host);

        AssertBounded(server, sent);
        Verdict.IsAccepted(Verdict.Of([Root], server, sent));
        var refused = Verdict.Of([Pki.Foreign.Certificate], server, sent);
        Verdict.IsRefused("FTLS5011", refused);
        Assert.InRange(refused.Path.Count, 1, PathFinder.Depth);
    }

    [Fact]
    public void MoreWaysThanAreFollowed_AreCutOff()
    {
        // Each of four levels has 16 certificates: 65,536 paths, all longer than what 1,024 steps reach. The platform's own chain is one of them.
        var authorities = new List<TestCA> { Pki.Root };
        var sent = new List<X509Certificate2>();
        for (var level = 0; level < 4; level++)
        {
            using var first = authorities[^1].Intermediate($"CN=Wide {level}");
            var twins = Enumerable.Range(0, 16).Select(_ => authorities[^1].CrossSign(first)).ToList();
            sent.AddRange(twins.Select(twin => twin.Certificate));
            authorities.Add(twins[^1]);
        }

        var server = authorities[^1].IssueServer(Pki.Host);

        Assert.Empty(Find(server, [.. sent]));
        Verdict.IsAccepted(Verdict.Of([Root], server, [.. sent]));
    }

    [Fact]
    public async Task ACertificateMessageAsLongAsTheLibraryTakes_IsJudged()
    {
        using var intermediate = Pki.Root.Intermediate();
        var large = new X509Extension("1.3.6.1.4.1.55555.1", RandomNumberGenerator.GetBytes(92 * 1024), critical: false);

        await Verdict.IsAcceptedInAHandshake(Pki.Trusting(), Pki.Root.Issue("CN=large", new() { DnsNames = [Pki.Host], Extensions = [large] }));

        // An EC certificate of these has some 400 bytes.
        X509Certificate2[] sent = [.. Namesakes(225), intermediate.Certificate];
        Assert.InRange(sent.Sum(certificate => certificate.RawData.Length), 80 * 1024, 98 * 1024);
        await Verdict.IsAcceptedInAHandshake(Pki.Trusting(), intermediate.IssueServer(Pki.Host), sent);
    }

    private static X509Certificate2[] Namesakes(int count) => AllNamesakes.Value[..count];

    private static List<IReadOnlyList<DecodedCertificate>> Find(X509Certificate2 server, X509Certificate2[] sent)
    {
        var roots = new TrustedRoots(OutboundTlsPolicy.Create(Pki.Trusting()).TrustAnchors, trustsSystem: false, owner: null);
        return [.. new PathFinder(roots, goesPastAnchors: false).Find(DecodedCertificate.Of(server), [.. sent.Select(DecodedCertificate.Of)])];
    }

    /// <summary>The platform builds one chain for each path that is found.</summary>
    private static void AssertBounded(X509Certificate2 server, X509Certificate2[] sent)
    {
        var paths = Find(server, sent);

        Assert.InRange(paths.Count, 1, PathFinder.MostPaths);
        Assert.All(paths, path => Assert.InRange(path.Count, 2, PathFinder.Depth));
        Assert.All(paths, path => Assert.True(path[^1].RawData.Span.SequenceEqual(Root.RawData)));
        Assert.True(paths.Zip(paths.Skip(1)).All(pair => pair.First.Count <= pair.Second.Count), "the shortest first");
    }
}
