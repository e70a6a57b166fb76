using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>
/// Adds to the options of gRPC clients the check of the channels that are made with them: whichever factory asks for
/// the handlers, and also if the options are read again meanwhile.
/// </summary>
/// <typeparam name="TOptions">The library's options, which FlexTls does not know at compile time.</typeparam>
internal sealed class CheckedGrpcOptions<TOptions>(ClientHandlers clients) : IPostConfigureOptions<TOptions>
    where TOptions : class
{
    public void PostConfigure(string? name, TOptions options) => clients.ChannelOf(name ?? "").AddTo(options);
}
