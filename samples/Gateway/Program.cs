// A gateway with three upstreams, each under a policy of its own. Its client certificates are renewed under load.
// Nothing to set up, nothing leaves this machine:
// dotnet run --project samples/Gateway
// As a gateway of your own, for the appsettings.json and the policies in a folder:
// dotnet run --project samples/Gateway -- serve --contentRoot FOLDER --urls http://127.0.0.1:8080
using Gateway;

switch (args)
{
    case ["serve", .. var rest]:
        await GatewayApp.Build(rest).RunAsync();
        return 0;
    case []:
        return await Demonstration.RunAsync(TimeSpan.FromSeconds(20));
    case [var text] when int.TryParse(text, out var seconds) && seconds is > 0 and <= 3600:
        return await Demonstration.RunAsync(TimeSpan.FromSeconds(seconds));
    default:
        Console.Error.WriteLine("usage: Gateway [SECONDS]    1 to 3600, default 20\n       Gateway serve [--contentRoot FOLDER] [--urls ADDRESSES]");
        return 2;
}
