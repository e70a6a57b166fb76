using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>
/// Puts a gate in front of the primary handler of every client that may come under a policy, after everything that the
/// user configured, whatever the order of the calls.
/// </summary>
/// <remarks>
/// The gate is put on when the handlers are built, after all filters, so that they find the handler that the user
/// configured. A builder of the program's own keeps its type; there the gate is put on before the filters, and
/// <see cref="Verify"/> refuses a client whose gate a filter removed.
/// </remarks>
internal sealed class ClientHandlers(
    OutboundTlsRegistration registration, UpstreamRegistry registry, ClientDecisions decisions,
    RegisteredFactories factories)
    : IPostConfigureOptions<HttpClientFactoryOptions>
{
    private readonly ConcurrentDictionary<string, ChannelCheck> _channels = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<DelegatingHandler, string> _owners = [];
    private readonly ConditionalWeakTable<HttpMessageHandler, string> _replacements = [];

    public void PostConfigure(string? name, HttpClientFactoryOptions options) =>
        options.HttpMessageHandlerBuilderActions.Add(builder =>
        {
            var client = name ?? Options.DefaultName;
            if (builder is GuardedHandlerBuilder guarded)
            {
                guarded.NoteActionsOf(client);
            }
            else
            {
                GuardUnderFilters(builder, client);
            }
        });

    /// <summary>
    /// Guards handlers of one of several clients: who has the actions of a client under a policy has its policy, unless
    /// there is one of its own.
    /// </summary>
    public void Guard(HttpMessageHandlerBuilder builder, IReadOnlyList<string> clients)
    {
        if (clients.Count > 0)
        {
            var areSeveral = clients.Any(client => client != clients[0]);
            Guard(
                builder,
                clients.FirstOrDefault(client => HasOwnCall(client) || (areSeveral && decisions.HasPolicy(client)))
                    ?? clients[0]);
        }
        else if (ClientGate.Find(builder.PrimaryHandler) is null)
        {
            // Nothing is known, and no builder around this one has put on a gate.
            Guard(builder, Options.DefaultName);
        }
    }

    /// <summary>
    /// The last step on a client's handlers: puts on its gate, or the guard of a client that cannot be under a policy,
    /// or the test's own handler.
    /// </summary>
    private void Guard(HttpMessageHandlerBuilder builder, string client)
    {
        if (registration.Replacements.TryGetValue(client, out var replacement))
        {
            Replace(builder, client, replacement);
            return;
        }

        var other = NoteOwner(builder.PrimaryHandler, client);
        if (CouldBeBound(client))
        {
            GateInstaller.Guard(builder, client, decisions, other);
            CheckChannelOf(client, builder.PrimaryHandler);
            if (!registration.SelectingClients.Contains(client))
            {
                // The gate sees no choice of a request that a handler in front of it copies without its options.
                ChoiceGuard.PutInFront(builder, client);
            }
        }
        else
        {
            ChoiceGuard.Put(builder, client);
        }
    }

    /// <summary>
    /// Begins the load, unless it has begun, before the factory makes a handler: the factory holds a lock while it
    /// does, and code that the load calls may wait for that lock.
    /// </summary>
    /// <exception cref="TlsPolicyException">
    /// The client's handler is replaced, and the policies cannot be used: nothing verifies it later.
    /// </exception>
    public void Prepare(string client)
    {
        if (!registration.Replacements.ContainsKey(client))
        {
            // Of another thread's load, the client's own check waits for the end, if it has to.
            _ = registry.IsLoading ? null : decisions.LoadFor(client);
        }
        else if (!registry.IsNeededByItself)
        {
            registry.Load();
        }
    }

    /// <summary>Checks that a finished handler has the gate of its own client.</summary>
    /// <exception cref="TlsPolicyException">It has none, or the client must not be used.</exception>
    public void Verify(string client, HttpMessageHandler handler)
    {
        var diagnostics = new DiagnosticList();
        if (registration.Replacements.ContainsKey(client))
        {
            if (!IsReplacement(handler))
            {
                diagnostics.AddRange([ClientFault.Replaced(client)]);
            }
        }
        else if (ClientGate.Find(handler, gate => gate.IsOf(client, decisions)) is { } own)
        {
            diagnostics.AddRange(own.Decide());
        }
        else
        {
            VerifyWithoutGate(client, handler, diagnostics);
        }

        if (diagnostics.HasErrors)
        {
            throw new TlsPolicyException(diagnostics.InFileOrder());
        }
    }

    /// <summary>Lets the channel be checked that may be made with a handler next.</summary>
    public void CheckChannelOf(string client, HttpMessageHandler? handler)
    {
        if (GrpcChannels.OptionsOfClient is not null
            && ClientGate.Find(handler, gate => gate.IsOf(client, decisions)) is { } own)
        {
            var channel = ChannelOf(client);
            channel.Gate = own;
            channel.AddAgain();
        }
    }

    /// <summary>The check of a gRPC client's channel.</summary>
    public ChannelCheck ChannelOf(string client) =>
        _channels.GetOrAdd(client, static name => new ChannelCheck(name));

    /// <summary>
    /// Whether a client may have a policy, now or later, or its name differs only in letter case from one that has.
    /// </summary>
    private bool CouldBeBound(string client) =>
        registration.MayBindAnyClient || registration.FindAnySpellingOf(client) is not null;

    private bool HasOwnCall(string client) =>
        registration.Replacements.ContainsKey(client) || registration.FindAnySpellingOf(client) is not null;

    private void VerifyWithoutGate(string client, HttpMessageHandler handler, DiagnosticList diagnostics)
    {
        // While the policies cannot be used, clients without a policy are refused too.
        if (!registry.IsLoading)
        {
            registry.Load();
        }

        if (CouldBeBound(client))
        {
            diagnostics.AddRange([ClientFault.Replaced(client)]);
        }
        else if (ClientGate.Find(handler, gate => gate.IsOfClient) is { } other)
        {
            diagnostics.AddRange(ClientDecisions.SharingFaults(client, other.ForAnother(), isUnderPolicy: false));
        }
    }

    /// <summary>Records the first client that uses each delegating handler of a primary handler.</summary>
    /// <returns>Another client that uses one of them; <see langword="null"/>: none is known.</returns>
    private string? NoteOwner(HttpMessageHandler? handler, string client)
    {
        string? other = null;
        for (; handler is DelegatingHandler delegating; handler = delegating.InnerHandler)
        {
            var owner = _owners.GetValue(delegating, _ => client);
            other = owner == client ? other : owner;
        }

        return other;
    }

    /// <summary>Whether a finished handler sends its requests through the test's own.</summary>
    private bool IsReplacement(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler delegating && !_replacements.TryGetValue(handler, out _))
        {
            handler = delegating.InnerHandler;
        }

        return handler is not null && _replacements.TryGetValue(handler, out _);
    }

    private void GuardUnderFilters(HttpMessageHandlerBuilder builder, string client)
    {
        var isReplaced = registration.Replacements.ContainsKey(client);
        if ((isReplaced || CouldBeBound(client)) && !factories.VerifyAll)
        {
            throw ClientFault.Unverified(client, builder.GetType().Name);
        }

        Guard(builder, client);
        if (CouldBeBound(client) && !isReplaced)
        {
            GateCheck.Put(builder, client, decisions);
        }
    }

    private void Replace(
        HttpMessageHandlerBuilder builder, string client, Func<IServiceProvider, HttpMessageHandler> replacement)
    {
        var forbidden = new DiagnosticList();
        new DangerousPolicies(registration).CheckClients(forbidden);
        if (forbidden.HasErrors)
        {
            throw new TlsPolicyException(forbidden.InFileOrder());
        }

        builder.PrimaryHandler = replacement(builder.Services)
            ?? throw new InvalidOperationException($"The handler that replaces that of client '{client}' is null.");
        _replacements.AddOrUpdate(builder.PrimaryHandler, client);
        decisions.NoteReplaced(client);
    }
}
