using System.Text;
using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>What changes while the policies are loaded for the first time is missing nowhere.</summary>
public sealed class FirstLoadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    [Fact]
    public async Task APolicyThatMovesToAnotherFile_IsFound()
    {
        Write("b", "billing", "{ trustedCA: 'vault:ca' }");
        Write("z", "orders", "{}");
        await using var services = Create(() =>
        {
            // From a file that is not read yet to one that was not there.
            Write("a", "orders", "{}");
            Write("z", "other", "{}");
        });

        Assert.NotNull(services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders"));
    }

    [Fact]
    public async Task APolicyThatIsGoneMeanwhile_EndsTheStart()
    {
        Write("a", "orders", "{}");
        Write("b", "billing", "{ trustedCA: 'vault:ca' }");
        await using var services = Create(() => File.Delete(Path.Combine(_folder.FullName, "a.yaml")));

        var fault =
            Assert.Throws<TlsPolicyException>(
                () => services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("billing"));

        Assert.Equal("FTLS7015", Assert.Single(fault.Diagnostics).Code);
        Assert.Contains("the last time upstream 'orders'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatKeepsChanging_EndsTheStart()
    {
        var section = new ConfigurationBuilder().Add(new Changing()).Build().GetSection("OutboundTls");
        await using var services = new ServiceCollection().AddOutboundTls(section).BuildServiceProvider();

        var fault =
            Assert.Throws<TlsPolicyException>(
                () => services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders"));

        Assert.Equal("FTLS7015", Assert.Single(fault.Diagnostics).Code);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ServiceProvider Create(Action whileLoading) => new ServiceCollection().AddOutboundTls(tls =>
    {
        tls.ReloadOnChange = false;
        tls.AddPolicyFile(_folder.FullName);
        tls.AddSecretProvider(new Moving(whileLoading));
    }).BuildServiceProvider();

    private void Write(string file, string service, string config)
    {
        var path = Path.Combine(_folder.FullName, file);
        File.WriteAllText(path, Provided.Binding(service, config) + "\n");
        File.Move(path, path + ".yaml", overwrite: true);
    }

    private sealed class Moving(Action whileLoading) : ITlsSecretProvider
    {
        public string Scheme => "vault";

        public ValueTask<TlsSecret> GetAsync(string reference, CancellationToken cancellationToken)
        {
            whileLoading();
            return ValueTask.FromResult(new TlsSecret(Encoding.UTF8.GetBytes(Pki.Root.Pem)));
        }
    }

    /// <summary>A section that is another one each time it is read.</summary>
    private sealed class Changing : ConfigurationProvider, IConfigurationSource
    {
        private const string Key = "OutboundTls:Upstreams:orders:extensions:serverName";
        private int _reads;

        public Changing() => Data[Key] = "orders.example";

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override bool TryGet(string key, out string? value)
        {
            Data[Key] = $"orders-{_reads++}.example";
            return base.TryGet(key, out value);
        }
    }
}
