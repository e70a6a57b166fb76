using System.Security.Claims;
using Microsoft.AspNetCore.Builder;

namespace FlexTls.Proxies;

/// <summary>Stands for an authentication: the last part of the path is the user's tenant.</summary>
internal static class PathAuthentication
{
    public static void UseTenantOfPath(this WebApplication app) => app.Use((context, next) =>
    {
        var tenant = new Claim("tenant", context.Request.Path.Value!.Split('/')[^1]);
        context.User = new ClaimsPrincipal(new ClaimsIdentity([tenant]));
        return next(context);
    });
}
