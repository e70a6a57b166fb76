using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>
/// Finds <see cref="OutboundTlsOptions"/> that were configured as options of the program: nothing reads them there, so
/// that whoever wrote them would run with the defaults.
/// </summary>
internal sealed class UnreadOptions(IServiceCollection services)
{
    private static readonly Type[] Signs =
    [
        typeof(IConfigureOptions<OutboundTlsOptions>), typeof(IPostConfigureOptions<OutboundTlsOptions>),
        typeof(IOptionsChangeTokenSource<OutboundTlsOptions>),
    ];

    /// <summary>Reports them.</summary>
    public void Check(DiagnosticList diagnostics)
    {
        if (services.Any(service => !service.IsKeyedService && Signs.Contains(service.ServiceType)))
        {
            diagnostics.Error(DiagnosticCodes.OptionsNotRead, new Place(""),
                "the services configure OutboundTlsOptions (Configure, PostConfigure or a bound section), which no "
                + "policy is made of. Write them where a policy is: AddPolicy(name, options => …) or, on a client, "
                + "AddOutboundTls(options => …); add a section with services.AddOutboundTls(section).");
        }
    }
}
