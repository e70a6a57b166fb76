using FlexTls.Support;
using Microsoft.Extensions.Primitives;
using Npgsql;
using Xunit;

namespace FlexTls.Recipes;

/// <summary>docs/recipes/npgsql.md, with PostgreSQL, which says whose certificate a session has.</summary>
public sealed class NpgsqlRecipeTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task Sessions_ShowTheClientCertificate_AndAfterARotationTheNewOne()
    {
        server.Require();
        await using var upstreams = new Upstreams("database");
        await using var database = Database(upstreams.Contexts, "database");
        var lasting = await database.OpenConnectionAsync(Deadline.Token());

        Assert.Equal("/CN=first", await SubjectAsync(lasting));
        Assert.Equal("/CN=first", await SubjectAsync(database));

        await upstreams.RotateAsync("CN=second");

        await Poll.UntilAsync(async () => await SubjectAsync(database) == "/CN=second");
        Assert.Equal("/CN=first", await SubjectAsync(lasting));
        await lasting.DisposeAsync();
        Assert.Equal("/CN=second", await SubjectAsync(database));
    }

    [Fact]
    public async Task AServerOfAnotherCA_IsRefused()
    {
        server.Require();
        await using var upstreams = new Upstreams("database");
        await using var database = Database(upstreams.Contexts, Upstreams.Mistrustful);

        Refusals.AssertUntrusted(await Assert.ThrowsAsync<NpgsqlException>(() => SubjectAsync(database)));
    }

    [Fact]
    public async Task SynchronousCalls_AreUnderThePolicyToo()
    {
        server.Require();
        await using var upstreams = new Upstreams("database");
        await using var database = Database(upstreams.Contexts, Upstreams.Mistrustful);

        Refusals.AssertUntrusted(Assert.Throws<NpgsqlException>(() => database.OpenConnection()));
    }

    private NpgsqlDataSource Database(IOutboundTlsContextProvider contexts, string name)
    {
        var connectionString = $"Host={RecipeServer.Host};Port={server.Port};Username=app;Database=postgres";

        // <snippet>
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SslMode = SslMode.Require,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseSslClientAuthenticationOptionsCallback(options =>
            contexts.GetContext(name).ConfigureClientOptions(options, options.TargetHost!));
        var database = builder.Build();
        ChangeToken.OnChange(() => contexts.GetReloadToken(name), database.Clear);
        // </snippet>
        return database;
    }

    private static async Task<string?> SubjectAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync(Deadline.Token());
        return await SubjectAsync(connection);
    }

    private static async Task<string?> SubjectAsync(NpgsqlConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select client_dn from pg_stat_ssl where pid = pg_backend_pid()";
        return (string?)await command.ExecuteScalarAsync(Deadline.Token());
    }
}
