using Xunit;

namespace FlexTls.Validation;

/// <summary>A reason for a refusal, as programs change it.</summary>
public class FailureTests
{
    [Fact]
    public void AReasonThatWasNotSet_FollowsTheMessage()
    {
        var failure = new ServerCertificateFailure { Code = "FTLS5001", Message = "before" };

        Assert.Equal("after", (failure with { Message = "after" }).Reason);
        Assert.Equal("before", failure.Reason);
    }

    [Fact]
    public void AReasonThatWasSet_Stays()
    {
        var failure = new ServerCertificateFailure { Message = "before", Reason = "not trusted" };

        Assert.Equal("not trusted", (failure with { Message = "after" }).Reason);
    }
}
