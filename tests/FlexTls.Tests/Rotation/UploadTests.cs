using System.Security.Cryptography;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>An upload that was under way at the swap arrives whole, or is ended at the deadline and told why.</summary>
public class UploadTests
{
    private const int Size = 16 * 1024 * 1024;

    private readonly Gate _gate = new();

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AnUpload_GoesOnOverTheSwapAndTheEndOfItsPool(string alpn)
    {
        var bytes = Bytes.Of(Size);
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        using var content = new GatedContent(bytes, _gate);
        var pending = rotation.Client.PostAsync(server.Address, content, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassGrace();
        _gate.Open();

        using var answer = await pending;
        Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)), await answer.Content.ReadAsStringAsync(Deadline.Token()));
        Assert.Equal(Identities.Subject(1), Assert.Single(server.Requests).ClientCertificate);
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AnUploadThatLastsLonger_IsEndedAtTheDeadlineWithTheReason(string alpn)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        using var content = new GatedContent(Bytes.Of(Size), _gate);
        var pending = rotation.Client.PostAsync(server.Address, content, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassDeadline();
        await server.EndOfAllAsync(Deadline.Token());
        _gate.Open();

        AnswerTests.AssertReason(await Assert.ThrowsAsync<HttpRequestException>(() => pending));
        AnswerTests.AssertOneWarning(rotation, 1);
        Assert.Equal((0, 0), rotation.Counts);
    }

    /// <summary>Answers with the SHA-256 of what came.</summary>
    private static Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(Loopbacks.Asking() with
    {
        Respond = async context =>
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            var hash = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
            await context.Response.WriteAsync(Convert.ToHexString(hash), context.RequestAborted);
        },
    }, Deadline.Token());
}
