using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace FlexTls;

/// <summary>Answers with the status in the form that the caller prefers.</summary>
internal static class StatusEndpoint
{
    public static async Task AnswerAsync(HttpContext context)
    {
        OutboundTlsStatus? status = null;
        UnusablePolicies? unusable = null;
        try
        {
            status = context.RequestServices.GetRequiredService<IOutboundTlsManager>().GetStatus();
        }
        catch (TlsPolicyException e)
        {
            unusable = new UnusablePolicies(e.Diagnostics);
        }

        var isPage = AcceptHeader.PrefersHtml(context.Request);
        context.Response.StatusCode =
            unusable is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        SetHeaders(context.Response.Headers);
        context.Response.ContentType = isPage ? "text/html; charset=utf-8" : "application/json";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (isPage)
        {
            await WritePageAsync(context, status, unusable).ConfigureAwait(false);
        }
        else
        {
            await (status is null
                ? context.Response.WriteAsJsonAsync(
                    unusable, StatusJson.Default.UnusablePolicies!, "application/json", context.RequestAborted)
                : context.Response.WriteAsJsonAsync(
                    status, StatusJson.Default.OutboundTlsStatus, "application/json", context.RequestAborted))
                .ConfigureAwait(false);
        }
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = PageStyle.ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
    }

    private static ValueTask WritePageAsync(HttpContext context, OutboundTlsStatus? status, UnusablePolicies? unusable)
    {
        var clock = context.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System;
        var page = new PageWriter(context.Response.BodyWriter, clock.GetUtcNow());
        return status is null
            ? UnusablePage.WriteAsync(page, unusable!.Faults, context.RequestAborted)
            : StatusPage.WriteAsync(page, status, StateFilter.Of(context.Request), context.RequestAborted);
    }
}
