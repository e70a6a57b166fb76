using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Sources;
using FlexTls.Yaml;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlexTls.Upstreams;

/// <summary>
/// Makes upstreams of what was registered: everything is read and checked, and one exception reports all faults.
/// </summary>
internal sealed class UpstreamLoader
{
    private readonly OutboundTlsSources _sources;
    private readonly IServiceProvider _services;
    private readonly IConfiguration? _configuration;

    public UpstreamLoader(OutboundTlsSources sources, IServiceProvider services)
    {
        (_sources, _services) = (sources, services);
        var clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        ContentRoot = services.GetService<IHostEnvironment>()?.ContentRootPath ?? Directory.GetCurrentDirectory();
        _configuration = services.GetService<IConfiguration>();
        Factory = new UpstreamFactory(clock, SafeLogger.Create(services.GetService<ILoggerFactory>));
        Reads = services.GetService<BoundedReads>() ?? new BoundedReads(clock);
    }

    /// <summary>Makes upstreams and generations.</summary>
    public UpstreamFactory Factory { get; }

    /// <summary>Where relative paths start.</summary>
    public string ContentRoot { get; }

    /// <summary>Finds and reads files with a time limit.</summary>
    public BoundedReads Reads { get; }

    /// <summary>The files that were found when folders last answered.</summary>
    public KnownListings Known { get; } = new();

    /// <summary>The units as they are now.</summary>
    /// <param name="diagnostics">Receives a fault for each pattern that matches nothing.</param>
    public IReadOnlyList<PolicyUnit> FindUnits(DiagnosticList diagnostics) =>
        PolicyUnits.Find(_sources, ContentRoot, _configuration, diagnostics, Reads, Known);

    /// <summary>The files, folders and patterns that are named now, as full paths.</summary>
    public IReadOnlyList<string> Patterns() =>
        [.. PolicyUnits.Patterns(_sources, _configuration)
            .Select(pattern => PolicyFileFinder.Clean(Path.Combine(ContentRoot, pattern))).Distinct()];

    /// <summary>Loads everything for the first time.</summary>
    /// <param name="readings">What was read, to compare with what is read later.</param>
    /// <exception cref="TlsPolicyException">Something cannot be used.</exception>
    public LoadedUpstreams Load(out IReadOnlyList<(PolicyUnit Unit, UnitReading Reading)> readings)
    {
        var diagnostics = new DiagnosticList();
        List<(PolicyUnit Unit, UnitReading Reading)> read = [.. FindUnits(diagnostics).Select(unit => (unit, unit.Read()))];
        var policies = RegisteredPolicies.Combine([.. read.Select(unit => unit.Reading)], diagnostics).Policies;
        var areComplete = !diagnostics.HasErrors;
        var directory = new UpstreamDirectory<RegisteredPolicy>(policies,
            [.. read.Where(one => one.Reading.Policies.Count == 0).Select(one => one.Unit).OfType<PolicyFileUnit>()
                .Select(file => file.Path)]);
        var clients = new ClientPolicies(_sources, directory, ContentRoot, Reads, diagnostics).Read(areComplete);
        if (_sources.ForbidsDangerous)
        {
            foreach (var registered in policies.Values.Concat(clients.All))
            {
                ForbidDangerous(registered, diagnostics);
            }

            ForbidDangerousClients(diagnostics);
        }

        var loaded = Create(policies, clients, diagnostics);
        if (diagnostics.HasErrors)
        {
            loaded.Dispose();
            throw new TlsPolicyException(diagnostics.InFileOrder().Distinct());
        }

        // Not beside errors: the client of an unused policy may be among them, under a wrong name.
        WarnAboutUnused(policies, clients, diagnostics);
        RegistrationLog.Loaded(Factory.Logger, diagnostics.InFileOrder().Distinct());
        readings = [.. read, .. clients.Readings];
        return loaded;
    }

    /// <summary>Makes an upstream of a policy that came later.</summary>
    /// <exception cref="TlsPolicyException">It cannot be used on this platform, or is forbidden.</exception>
    public Upstream CreateAllowed(RegisteredPolicy registered, string name)
    {
        var diagnostics = new DiagnosticList();
        if (_sources.ForbidsDangerous)
        {
            ForbidDangerous(registered, diagnostics);
        }

        return diagnostics.HasErrors
            ? throw new TlsPolicyException(diagnostics.InFileOrder())
            : Factory.Create(registered, name);
    }

    /// <summary>Checks that a changed policy may be that of an upstream, as it is used now.</summary>
    /// <exception cref="TlsPolicyException">It may not.</exception>
    public void Check(Upstream upstream, RegisteredPolicy next)
    {
        var diagnostics = new DiagnosticList();
        if (_sources.ForbidsDangerous)
        {
            ForbidDangerous(next, diagnostics);
        }

        if (upstream.IsUsedByHttp)
        {
            HttpAlpn.Check(next, $"upstream '{upstream.Name}' has clients", diagnostics);
        }

        if (diagnostics.HasErrors)
        {
            throw new TlsPolicyException(diagnostics.InFileOrder());
        }
    }

    private LoadedUpstreams Create(IReadOnlyDictionary<UpstreamName, RegisteredPolicy> policies, ClientPolicies.Result clients, DiagnosticList diagnostics)
    {
        var upstreams = new Dictionary<UpstreamName, Upstream>();
        foreach (var (name, registered) in policies)
        {
            if (TryCreate(registered, name.ToString(), diagnostics) is { } upstream)
            {
                upstreams.Add(name, upstream);
            }
        }

        var byClient = new Dictionary<string, (ClientTarget Target, Upstream Upstream)>(StringComparer.Ordinal);
        foreach (var (client, target) in clients.ByName)
        {
            var upstream = target.Upstream is { } name ? upstreams.GetValueOrDefault(name) : TryCreate(target.Policy!, client, diagnostics);
            if (upstream is not null)
            {
                byClient.Add(client, (target, upstream));
            }
        }

        // Each client gets a context of its own when it is made; what the platform cannot do is found out now.
        var shared = clients.ForAll?.Policy is { } policy ? TryCreate(policy, "all clients", diagnostics) : null;
        return new LoadedUpstreams(Factory, _sources, upstreams, byClient, clients.ForAll, shared);
    }

    /// <summary>Makes an upstream of a policy; <see langword="null"/> after a reported fault.</summary>
    private Upstream? TryCreate(RegisteredPolicy policy, string name, DiagnosticList diagnostics)
    {
        try
        {
            return Factory.Create(policy, name);
        }
        catch (TlsPolicyException e)
        {
            diagnostics.AddRange(e.Diagnostics);
            return null;
        }
    }

    private static void ForbidDangerous(RegisteredPolicy registered, DiagnosticList diagnostics)
    {
        if (registered.Policy.DangerousSkipValidation)
        {
            diagnostics.Error(DiagnosticCodes.DangerousForbidden, registered.Place, $"{registered.Source} has skipValidation: true, and ForbidDangerous() was called; let it validate, with a trustedCA where it needs one.");
        }

        if (registered.Policy.DangerousAllowPlainHttp)
        {
            diagnostics.Error(DiagnosticCodes.DangerousForbidden, registered.Place,
                $"{registered.Source} has allowPlainHttp: true, and ForbidDangerous() was called; use https://.");
        }
    }

    private void ForbidDangerousClients(DiagnosticList diagnostics)
    {
        foreach (var client in _sources.PlainHttpClients)
        {
            diagnostics.Error(DiagnosticCodes.DangerousForbidden, new Place(client),
                $"client '{client}' may make plain requests (DangerousAllowPlainHttp), "
                + "and ForbidDangerous() was called; use https://.");
        }

        foreach (var client in _sources.Replacements.Keys)
        {
            diagnostics.Error(DiagnosticCodes.DangerousForbidden, new Place(client), $"the handler of client '{client}' is replaced, and ForbidDangerous() was called; replacing is for tests.");
        }
    }

    /// <summary>
    /// A binding that no client uses is probably one whose client was forgotten, and makes stock TLS.
    /// </summary>
    private void WarnAboutUnused(IReadOnlyDictionary<UpstreamName, RegisteredPolicy> policies, ClientPolicies.Result clients, DiagnosticList diagnostics)
    {
        // A default call takes in clients whose names are not known yet; a program without HttpClients asks for
        // contexts. It is not made: it may be a service of scopes.
        var isKnown = _services.GetService<IServiceProviderIsService>();
        if (_sources.ForAllClients.Count > 0 || isKnown?.IsService(typeof(IHttpClientFactory)) == false)
        {
            return;
        }

        var used = clients.ByName.Values.Select(target => target.Upstream).ToHashSet();
        foreach (var (name, registered) in policies.Where(policy => !used.Contains(policy.Key)))
        {
            diagnostics.Warning(DiagnosticCodes.PolicyUnused, registered.Place,
                $"the policy of '{name}' ({registered.Source}) is used by no HttpClient; call AddOutboundTls() on "
                + $"the client, or pay no attention if the code asks {nameof(IOutboundTlsContextProvider)} for it.");
        }
    }
}
