using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>What a context's terms for all servers have in common.</summary>
/// <param name="Offer">The offer of the policy on this platform.</param>
/// <param name="Effective">The same, in the form for users.</param>
/// <param name="Clock">The clock for judging certificates.</param>
/// <param name="Logger">The log of policies.</param>
/// <param name="Instruments">Receives measurements.</param>
internal sealed record CommonTerms(
    CipherOffer Offer, EffectiveTlsSettings Effective, TimeProvider Clock, ILogger Logger, TlsInstruments Instruments);
