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
    FactoryDecoration factories,
    ProgramLogs logs,
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
        if (MayBindClients)
        {
            WarnAboutOwnFactory(typeof(IHttpClientFactory));
            WarnAboutOwnFactory(typeof(IHttpMessageHandlerFactory));
            WarnAboutOwnBuilder();
            Collect(CheckReplacements);
            IReadOnlyList<string> names = [];
            Collect(() => names = [.. ClientNames().Where(IsUnderPolicy)]);
            foreach (var client in names)
            {
                Collect(() =>
                {
                    factories.CreatePlatforms(services)?.CreateHandler(client);
                    CheckAddress(client);
                });
            }
        }

        RegistrationLog.Loaded(logs.Policies, _warnings.InFileOrder());

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

    /// <summary>A container may have a factory that was not registered with ours; it can be created now.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (MayBindClients && factories.FindOwn(typeof(IHttpClientFactory)) is null
            && TypeOfFactory() is { } type && type.Assembly != typeof(HttpClientFactoryOptions).Assembly
            && type != typeof(VerifiedFactory))
        {
            var found = new DiagnosticList();
            WarnAboutFactory(typeof(IHttpClientFactory), type.Name, found);
            RegistrationLog.Loaded(logs.Policies, found.InFileOrder());
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Warns about a factory of the program's own, because FlexTls cannot see which handlers it uses.
    /// </summary>
    private void WarnAboutOwnFactory(Type service)
    {
        if (factories.FindOwn(service) is { } own)
        {
            WarnAboutFactory(service, own, _warnings);
        }
    }

    private static void WarnAboutFactory(Type service, string own, DiagnosticList warnings) => warnings.Warning(
        DiagnosticCodes.ForeignClientFactory, new Place(""),
        $"The program's {service.Name} is {own}: a client or handler that it creates without the platform's is not "
        + "under its policy. Create the handlers with the platform's IHttpMessageHandlerFactory, or remove the "
        + "factory.");

    private bool MayBindClients =>
        registration.MayBindAnyClient || registration.Clients.Any() || registration.SelectingClients.Count > 0;

    private Type? TypeOfFactory()
    {
        try
        {
            using var scope = services.CreateScope();
            return scope.ServiceProvider.GetService<IHttpClientFactory>()?.GetType();
        }
        catch (Exception)
        {
            // The program's own code: whoever needs the factory sees the exception.
            return null;
        }
    }

    private void WarnAboutOwnBuilder()
    {
        if (factories.FindOwn(typeof(HttpMessageHandlerBuilder)) is { } own)
        {
            _warnings.Warning(DiagnosticCodes.ForeignClientFactory, new Place(""),
                $"The program's HttpMessageHandlerBuilder is {own}: its Build, and filters, find the gate of FlexTls "
                + "instead of a client's handler, and lose what they set on that. Set it with "
                + "ConfigurePrimaryHttpMessageHandler or UseSocketsHttpHandler, or remove the builder.");
        }
    }

    /// <summary>The handlers of tests are only made with their clients.</summary>
    private void CheckReplacements()
    {
        var forbidden = new DiagnosticList();
        if (registration.Replacements.Count > 0)
        {
            new DangerousPolicies(registration).CheckClients(forbidden);
        }

        if (forbidden.HasErrors)
        {
            throw new TlsPolicyException(forbidden.InFileOrder());
        }
    }

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
        if (registration.Replacements.ContainsKey(client))
        {
            return false;
        }

        try
        {
            return registration.FindAnySpellingOf(client) is not null
                || registry.Clients.Find(client) is { IsGatewayDefault: false };
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
