using Grpc.Core;

namespace FlexTls.Rotation;

/// <summary>What a user finds out who prints an exception, or looks into it.</summary>
internal static class Reasons
{
    /// <summary>The messages of an exception and of all inside it.</summary>
    public static string Of(Exception exception)
    {
        var messages = new List<string>();
        for (var e = exception; e is not null; e = (e as RpcException)?.Status.DebugException ?? e.InnerException)
        {
            messages.Add($"{e.GetType().Name}: {e.Message}");
        }

        return string.Join(Environment.NewLine, messages);
    }
}
