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
    private readonly HashSet<Type> _unseen = [];
    private bool _isChecked;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _isChecked = true;
        var faults = new List<TlsPolicyDiagnostic>();
        var others = new List<ExceptionDispatchInfo>();
        Collect(registry.Load);
        if (registration.MayBindAnyClient || registration.Clients.Any() || registration.SelectingClients.Count > 0)
        {
            WarnAboutOwn(typeof(IHttpClientFactory), factories.FindOwn(typeof(IHttpClientFactory)));
            WarnAboutOwn(typeof(IHttpMessageHandlerFactory), factories.FindOwn(typeof(IHttpMessageHandlerFactory)));
            IReadOnlyList<string> names = [];
            Collect(() => names = [.. ClientNames().Where(IsUnderPolicy)]);
            foreach (var client in names)
            {
                Collect(() =>
                {
                    PlatformsFactory()?.CreateHandler(client);
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

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Warns about a factory of the program's own, because FlexTls cannot see which handlers it uses.
    /// </summary>
    private void WarnAboutOwn(Type service, string? own)
    {
        if (own is not null)
        {
            _warnings.Warning(DiagnosticCodes.ForeignClientFactory, new Place(""),
                $"The program's {service.Name} is {own}: a client or handler that it creates without the platform's "
                + "is not under its policy. Create the handlers with the platform's IHttpMessageHandlerFactory, or "
                + "remove the factory.");
        }
    }

    /// <summary>The platform's factory, unless the program has replaced it altogether.</summary>
    private IHttpMessageHandlerFactory? PlatformsFactory() =>
        Platforms<IHttpMessageHandlerFactory>() ?? Platforms<IHttpClientFactory>();

    /// <summary>The platform's factory; a container may have another that was not registered with ours.</summary>
    private IHttpMessageHandlerFactory? Platforms<T>()
        where T : class
    {
        if (factories.FindOwn(typeof(T)) is not null || services.GetService<T>() is not { } factory)
        {
            return null;
        }

        if (factory is VerifiedFactory || factory.GetType().Assembly == typeof(HttpClientFactoryOptions).Assembly)
        {
            return factory as IHttpMessageHandlerFactory;
        }

        if (_unseen.Add(typeof(T)))
        {
            WarnAboutOwn(typeof(T), factory.GetType().Name);
        }

        return null;
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
