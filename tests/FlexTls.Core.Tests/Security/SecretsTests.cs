using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using FlexTls.Corpus;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Security;

/// <summary>
/// Keys and passphrases are planted, every public path is driven, and all that comes out of it is searched for them:
/// messages, exceptions, logs, texts, JSON, what a debugger shows.
/// </summary>
public sealed class SecretsTests : IDisposable
{
    private static readonly string KeyPem = Pki.Client.KeyPem();

    private readonly StringBuilder _produced = new();
    private readonly RecordingLogger _logger = new();

    public void Dispose() => _logger.Dispose();

    [Fact]
    public void TheSearch_FindsWhatItLooksFor()
    {
        foreach (var secret in Secrets())
        {
            Assert.Throws<Xunit.Sdk.TrueException>(() => AssertNoSecret($"text {secret} text"));
        }
    }

    [Fact]
    public void LoadingEveryCorpusFile_ShowsNoSecret()
    {
        foreach (var name in CorpusCase.Names)
        {
            var corpusCase = CorpusCase.Load(name);
            if (!TlsPolicyFile.TryParse(corpusCase.Text, corpusCase.FileName, out var set))
            {
                Note(Assert.Throws<TlsPolicyException>(() => TlsPolicyFile.Parse(corpusCase.Text, corpusCase.FileName)));
            }

            Note(set);
            foreach (var binding in set.Bindings)
            {
                Note(binding);
                Note(binding.Policy);
                NoteContext(binding.Policy);
            }
        }

        AssertNoSecret(_produced.ToString());
    }

    [Fact]
    public void KeysInTheWrongPlaces_AreNotQuoted()
    {
        string[] wrong = [KeyPem, KeyPem.Replace("\n", " ", StringComparison.Ordinal), KeyPem.Split('\n')[1], $"{CorpusEnvironment.Passphrase}"];
        foreach (var secret in wrong)
        {
            Note(Assert.Throws<TlsPolicyException>(() => OutboundTlsPolicy.Create(new OutboundTlsOptions
            {
                TrustedCA = secret,
                Certificate = new CertificateOptions { Key = secret, Crt = secret },
                Extensions = new OutboundTlsExtensionOptions { KeyPassphrase = secret },
            })));
            foreach (var sign in new[] { "!", "*", "&", "%", "@", "|", "" })
            {
                var text = CorpusCase.Load("valid-empty-config").Text;
                var misread = text.Replace("config: {}", $"config: {{ certificate: {{ key: {sign}{secret} }}, extensions: {{ keyPassphrase: {sign}{secret} }} }}", StringComparison.Ordinal);
                TlsPolicyFile.TryParse(misread, null, out var set);
                Note(set);
            }

            Note(Assert.Throws<TlsPolicyException>(() => TlsPolicyFile.Parse($"key: |\n{secret}\n: [", "broken.yaml")));
        }

        AssertNoSecret(_produced.ToString());
    }

    [Fact]
    public async Task AProtocolIdFromTheEnvironment_IsShownByItsName()
    {
        // Any text is a protocol id, so a secret in this place is offered as one; no message says it.
        const string Variable = "$FLEXTLS_CORPUS_SECRET";
        _ = CorpusEnvironment.Folder;
        var corpusCase = CorpusCase.Load("valid-empty-config");
        var policy = TlsPolicyFile.Parse(corpusCase.Text.Replace("config: {}", $"config: {{ alpn: [{Variable}], skipValidation: true }}", StringComparison.Ordinal)).Bindings[0].Policy;
        var context = new TlsContextFactory(loggerFactory: _logger).Create(policy);
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { Alpn = [System.Net.Security.SslApplicationProtocol.Http2] });

        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(async () => await context.ConnectAsync(server.EndPoint(), Deadline.Token()));

        foreach (var text in new[] { failed.ToString(), failed.Hint!, policy.ToString(), context.Effective.ToString(), string.Join('\n', _logger.Lines) })
        {
            Assert.Contains(Variable, text, StringComparison.Ordinal);
            AssertNoSecret(text);
        }
    }

    [Fact]
    public async Task Handshakes_AcceptedAndRefused_ShowNoSecret()
    {
        foreach (var trusted in new[] { Pki.Root, Pki.Foreign })
        {
            var options = Options(trusted);
            Note(options);
            Note(options.Certificate!);
            Note(options.Extensions!);
            var context = new TlsContextFactory(loggerFactory: _logger).Create(OutboundTlsPolicy.Create(options), "orders");
            Note(context);
            Note(context.Effective);
            await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { RequiresClientCertificate = true });
            try
            {
                await using var stream = await context.ConnectAsync(server.EndPoint(), Deadline.Token());
                await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());
                Note(await server.NextAsync(Deadline.Token()));
            }
            catch (TlsHandshakeException e)
            {
                Note(e);
                Note(e.ServerCertificate!);
            }
        }

        AssertNoSecret(_produced.ToString());
        AssertNoSecret(string.Join('\n', _logger.Lines));
        Assert.NotEmpty(_logger.Lines);
    }

    private static OutboundTlsOptions Options(TestCA trusted) => new()
    {
        TrustedCA = trusted.Pem,
        Certificate = new CertificateOptions
        {
            Key = CorpusEnvironment.EncryptedKey(Pki.Client.GetECDsaPrivateKey()!),
            Crt = Pki.Client.ChainPem(Pki.Intermediate.Certificate),
        },
        Extensions = new OutboundTlsExtensionOptions { KeyPassphrase = CorpusEnvironment.Passphrase },
    };

    private void NoteContext(OutboundTlsPolicy policy)
    {
        try
        {
            var context = new TlsContextFactory(loggerFactory: _logger).Create(policy, "corpus");
            Note(context.Effective);
        }
        catch (TlsPolicyException e)
        {
            Note(e);
        }
    }

    /// <summary>An object as everything that may print it would show it.</summary>
    private void Note(object value)
    {
        _produced.AppendLine(value.ToString());
        if (value is not Exception)
        {
            _produced.AppendLine(JsonSerializer.Serialize(value, value.GetType()));
        }

        // What a debugger shows in a line, and the members that loggers print when they take an object apart.
        _produced.AppendLine(value.GetType().GetCustomAttribute<DebuggerDisplayAttribute>()?.Value);
        foreach (var property in value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0 && value is not (OutboundTlsOptions or CertificateOptions or OutboundTlsExtensionOptions)))
        {
            var shown = property.GetValue(value);
            _produced.AppendLine(shown is IEnumerable items and not string ? string.Join('\n', items.Cast<object>()) : shown?.ToString());
        }
    }

    private static void AssertNoSecret(string produced)
    {
        foreach (var secret in Secrets())
        {
            Assert.True(!produced.Contains(secret, StringComparison.OrdinalIgnoreCase), $"a secret was shown: {secret[..8]}… of {secret.Length}");
        }
    }

    /// <summary>The passphrase, and pieces of the key in the spellings that it could be shown in.</summary>
    private static IEnumerable<string> Secrets()
    {
        yield return CorpusEnvironment.Marker;
        var key = Pki.Client.GetECDsaPrivateKey()!.ExportParameters(includePrivateParameters: true).D!;
        yield return Convert.ToHexString(key)[..16];
        yield return Convert.ToBase64String(key)[..16];

        // The first line of a PEM body has the algorithm and the version, the same for every key; the key follows.
        yield return string.Concat(KeyPem.Split('\n')[1..^1])[60..76];
    }
}
