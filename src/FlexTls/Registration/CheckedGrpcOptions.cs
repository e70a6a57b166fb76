using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>
/// Creates the options of gRPC clients, each with the check of the channels that are made with them: whichever factory
/// asks for the handlers, and also if the options are read again meanwhile.
/// </summary>
/// <typeparam name="TOptions">The library's options, which FlexTls does not know at compile time.</typeparam>
internal sealed class CheckedGrpcOptions<[DynamicallyAccessedMembers(GrpcChannels.Needed)] TOptions>(
    IEnumerable<IConfigureOptions<TOptions>> setups, IEnumerable<IPostConfigureOptions<TOptions>> postConfigures,
    IEnumerable<IValidateOptions<TOptions>> validations, ClientHandlers clients)
    : IOptionsFactory<TOptions>
    where TOptions : class
{
    private readonly OptionsFactory<TOptions> _platforms = new(setups, postConfigures, validations);

    public TOptions Create(string name)
    {
        var options = _platforms.Create(name);
        GrpcChannels.Add(options, clients.ChannelOf(name).Look);
        return options;
    }
}
