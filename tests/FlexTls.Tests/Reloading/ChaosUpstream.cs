using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;

namespace FlexTls.Reloading;

/// <summary>An upstream whose files change, for better and for worse.</summary>
internal sealed class ChaosUpstream(string name, ChaosServer server, ChaosFiles files, TestCA authority)
{
    private const int BadStates = 6;

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<long>> _sights = new(StringComparer.Ordinal);
    private TestCA _authority = authority;
    private X509Certificate2 _identity = null!;
    private string _bundle = authority.Pem;
    private OutboundTlsContext _context = null!;
    private Func<UpstreamTlsStatus> _status = null!;
    private int _number;
    private bool _isBad;

    public string Name => name;

    public ChaosServer Server => server;

    public string PolicyPath => files.PolicyPath;

    /// <summary>Kept for ever, as a client that was captured at start.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>From the last write of a good change until the server saw it, or it was in force where no server sees it.</summary>
    public List<TimeSpan> Delays { get; } = [];

    /// <summary>The faults of the bad states that lasted, by code.</summary>
    public List<string> Faults { get; } = [];

    public int Authorities { get; private set; }

    /// <summary>The number of the client certificate that a request which starts now must not be older than.</summary>
    public int InForce => int.Parse(_context.Effective.ClientCertificate!.Subject.AsSpan(name.Length + 4), CultureInfo.InvariantCulture);

    public UpstreamTlsStatus Status => _status();

    /// <summary>The first files.</summary>
    public void Begin()
    {
        Issue();
        Good();
    }

    public void Start(HttpClient client, OutboundTlsContext context, Func<UpstreamTlsStatus> status) => (Client, _context, _status) = (client, context, status);

    /// <summary>The number of the client certificate that the server saw.</summary>
    public int NumberOf(string serial) => _numbers[serial];

    /// <summary>A new client certificate, until the server sees it.</summary>
    public async Task RotateIdentityAsync()
    {
        Issue();
        Good();
        var written = Stopwatch.GetTimestamp();
        Delays.Add(Stopwatch.GetElapsedTime(written, await _sights[_identity.SerialNumber]));
    }

    /// <summary>Another CA: it is added to the bundle, the server is switched to it, and the one before is removed.</summary>
    public async Task RotateAuthorityAsync(RecordingLogger log)
    {
        var next = TestCA.Root($"CN={name} CA {++Authorities}");
        await TrustAsync($"{_authority.Pem}\n{next.Pem}\n", log);
        await server.SwitchAsync(next.IssueServer("localhost"));
        _authority = next;
        await TrustAsync(next.Pem, log);
    }

    /// <summary>Any state, good or bad, that something else follows soon.</summary>
    public void Disturb(Random random)
    {
        var state = random.Next(BadStates + 3);
        if (state < BadStates)
        {
            Bad(state);
        }
        else if (_isBad)
        {
            Good();
        }
        else
        {
            files.Touch();
        }
    }

    public void Touch() => files.Touch();

    /// <summary>A state that cannot be used.</summary>
    public void Spoil(int turn) => Bad(turn % BadStates);

    /// <summary>The state that was there before the bad ones.</summary>
    public void Restore() => Good();

    /// <summary>A bad state has lasted: what is in force is told to be not what is on disk.</summary>
    public async Task UntilDegradedAsync()
    {
        UpstreamTlsDegradation? degradation = null;
        await Deadline.UntilAsync(() => (degradation = Status.Degradation) is not null);
        Faults.Add(degradation!.Diagnostics[0].Code);
    }

    private void Issue()
    {
        _identity = Pki.Root.IssueClient($"CN={name} {++_number}");
        _numbers[_identity.SerialNumber] = _number;
        _sights[_identity.SerialNumber] = server.FirstSightOf(_identity.SerialNumber);
    }

    private async Task TrustAsync(string bundle, RecordingLogger log)
    {
        var before = Status.Generation;
        _bundle = bundle;
        Good();
        var written = Stopwatch.GetTimestamp();
        await log.UntilAsync(() => Status.Generation > before, Deadline.Token());
        Delays.Add(Stopwatch.GetElapsedTime(written));
    }

    private void Good()
    {
        files.Put(files.Policy, _identity.ExportCertificatePem(), _identity.KeyPem(), _bundle);
        _isBad = false;
    }

    private void Bad(int state)
    {
        var (crt, key) = (_identity.ExportCertificatePem(), _identity.KeyPem());
        switch (state)
        {
            case 0:
                files.Put(files.Policy + "\n spec: [\n", crt, key, _bundle);
                break;
            case 1:
                files.Put(files.Policy, crt, Pki.Client.KeyPem(), _bundle);
                break;
            case 2:
                files.Put(files.Policy, crt, key, _bundle[..^40]);
                break;
            case 3:
                files.Put(null, crt, key, _bundle);
                break;
            case 4:
                files.Put(files.Policy, null, key, _bundle);
                break;
            default:
                files.Put(files.Policy, crt, key, "");
                break;
        }

        _isBad = true;
    }
}
