using System.Diagnostics;

namespace FlexTls;

/// <summary>
/// A handshake from its beginning to its result, with all attempts: one activity and one measurement. Where nobody
/// listens, it costs two readings of the clock.
/// </summary>
/// <param name="instruments">Receives the measurement.</param>
/// <param name="upstream">The name of the context.</param>
/// <param name="host">The host.</param>
/// <param name="isRedirectTarget">Whether another server chose the host: its name is then not measured.</param>
internal readonly struct MeasuredHandshake(
    TlsInstruments instruments, string? upstream, string host, bool isRedirectTarget)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Activity? _activity = TlsInstruments.Start("TLS handshake", ActivityKind.Client);

    /// <summary>Records that the server is asked once more, with another offer.</summary>
    public void Repeat() => _activity?.AddEvent(new ActivityEvent("handshake repeated with another offer"));

    /// <summary>Ends it with success.</summary>
    /// <returns>How long it took.</returns>
    public TimeSpan Succeed(NegotiatedTls negotiated)
    {
        var duration = Stopwatch.GetElapsedTime(_start);
        if (instruments.MeasuresHandshakes)
        {
            instruments.Handshake(
                duration, WithAddress(negotiated.AddTo(instruments.TagsOf(upstream), isRedirectTarget)));
        }

        if (_activity is { IsAllDataRequested: true })
        {
            Describe(negotiated.AddTo([], isRedirectTarget));
        }

        TlsInstruments.Stop(_activity);
        return duration;
    }

    /// <summary>Ends it with a failure.</summary>
    /// <param name="code">The code of the failure, or the type of another exception.</param>
    /// <param name="message">The failure in words.</param>
    public void Fail(string code, string message)
    {
        var error = new KeyValuePair<string, object?>(TelemetryTags.ErrorType, code);
        if (instruments.MeasuresHandshakes)
        {
            var tags = instruments.TagsOf(upstream);
            tags.Add(error);
            instruments.Handshake(Stopwatch.GetElapsedTime(_start), WithAddress(tags));
        }

        if (_activity is { IsAllDataRequested: true })
        {
            Describe([error]);
            _activity.SetStatus(ActivityStatusCode.Error, message);
        }

        TlsInstruments.Stop(_activity);
    }

    /// <summary>
    /// Ends it without a result: FlexTls gave it up for a reason of its own, which is neither a success nor a failure.
    /// </summary>
    public void Abandon(string reason)
    {
        if (_activity is { IsAllDataRequested: true })
        {
            Describe([]);
            _activity.AddEvent(new ActivityEvent(reason));
        }

        TlsInstruments.Stop(_activity);
    }

    private TagList WithAddress(TagList tags)
    {
        tags.Add(
            TelemetryTags.ServerAddress,
            isRedirectTarget ? BoundedNames.Other : instruments.AddressOf(upstream, host));
        return tags;
    }

    private void Describe(TagList tags)
    {
        _activity!.DisplayName = $"TLS handshake {host}";
        _activity.SetTag(TelemetryTags.Upstream, upstream).SetTag(TelemetryTags.ServerAddress, host);
        foreach (var (name, value) in tags)
        {
            _activity.SetTag(name, value);
        }
    }
}
