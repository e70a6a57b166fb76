using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>
/// Runs before anything in the host starts: reads all policies, and creates all clients under a policy whose names are
/// known because they were bound or configured by name.
/// </summary>
internal sealed class StartupCheck(
    OutboundTlsRegistration registration,
    UpstreamRegistry registry,
    ClientAddresses addresses,
    RegisteredFactories factories,
    ForeignFactories foreign,
    ProgramTelemetry telemetry,
    IServiceProvider services) : IHostedLifecycleService
{
    private readonly DiagnosticList _warnings = new();
    private bool _isChecked;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _isChecked = true;
        var faults = new List<TlsPolicyDiagnostic>();
        var others = new List<ExceptionDispatchInfo>();
        Collect(registry.Load);
        if (registration.MayBindClients)
        {
            var registered = foreign.FindRegistered().ToLookup(
                found => found.Severity == TlsPolicyDiagnosticSeverity.Error);
            faults.AddRange(registered[true]);
            _warnings.AddRange([.. registered[false]]);
            IReadOnlyList<string> names = [];
            Collect(() => names = [.. ClientNames().Where(IsUnderPolicy)]);
            foreach (var client in names)
            {
                Collect(() =>
                {
                    var factory = factories.CreatePlatforms(services);
                    _ = factory is VerifiedFactory verified ? verified.Create(client) : factory?.CreateHandler(client);
                    CheckAddress(client);
                });
            }
        }

        RegistrationLog.Loaded(telemetry.Policies, _warnings.InFileOrder());

        if (faults.Count > 0)
        {
            throw new TlsPolicyException(faults.Distinct());
        }

        // User code threw while handlers were created. That must not hide the faults of the policies.
        others.FirstOrDefault()?.Throw();
        return Task.CompletedTask;

        void Collect(Action check)
        {
            try
            {
                check();
            }
            catch (TlsPolicyException e)
            {
                faults.AddRange(e.Diagnostics);
            }
            catch (Exception e)
            {
                others.Add(ExceptionDispatchInfo.Capture(e));
            }
        }
    }

    // The host of WebHostBuilder calls only this.
    public Task StartAsync(CancellationToken cancellationToken) =>
        _isChecked ? Task.CompletedTask : StartingAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (registration.MayBindClients)
        {
            RegistrationLog.Loaded(telemetry.Policies, foreign.FindUnregistered());
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void CheckAddress(string client)
    {
        if (registry.Clients.Find(client) is not { } upstream)
        {
            return;
        }

        var found = new DiagnosticList();
        addresses.Check(client, upstream, found);
        _warnings.AddRange(
            found.InFileOrder().Where(diagnostic => diagnostic.Severity == TlsPolicyDiagnosticSeverity.Warning));
        if (found.HasErrors)
        {
            throw new TlsPolicyException(found.InFileOrder());
        }
    }

    /// <summary>
    /// Whether somebody has written a policy for the client. No other client is created here: its handlers may need
    /// what the host has not started yet, and the platform's factory never makes a second attempt.
    /// </summary>
    private bool IsUnderPolicy(string client)
    {
        try
        {
            // A test's handler may need a server that runs only later; no policy applies to it.
            return !registration.Replacements.ContainsKey(client)
                && (registration.FindAnySpellingOf(client) is not null
                    || registry.Clients.Find(client) is { IsGatewayDefault: false });
        }
        catch (TlsPolicyException e)
        {
            // Libraries register clients that a program need not use: they are refused when they are created.
            return e.Diagnostics[0].Code != DiagnosticCodes.UnboundClient;
        }
    }

    private IEnumerable<string> ClientNames() => registration.Clients.Select(client => client.Key)
        .Concat(
            services.GetServices<IConfigureOptions<HttpClientFactoryOptions>>()
                .OfType<ConfigureNamedOptions<HttpClientFactoryOptions>>()
                .Select(options => options.Name)
                .OfType<string>())
        .Distinct();
}
