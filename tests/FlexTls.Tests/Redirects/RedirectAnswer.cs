namespace FlexTls.Redirects;

/// <summary>What a server answers at <c>/0</c>, <c>/1</c> and so on; behind the last of them it answers 200.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Location">Where it leads; <c>{front}</c>, <c>{other}</c> and <c>{plain}</c> are the servers' host and port.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record RedirectAnswer(int Status, string? Location, params (string Name, string Value)[] Headers);
