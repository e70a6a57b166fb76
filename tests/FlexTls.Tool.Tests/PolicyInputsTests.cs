using FlexTls.Support;
using Xunit;

namespace FlexTls.Tool;

/// <summary>The arguments that name policies.</summary>
public class PolicyInputsTests
{
    [Fact]
    public async Task AWaitForTheStandardInput_CanBeCanceled()
    {
        using var stop = new CancellationTokenSource();
        using var silent = new SilentReader();
        var opening = PolicyInputs.OpenAsync(["-"], "OutboundTls", silent, stop.Token);
        await silent.Reading.WaitAsync(Deadline.Token());

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Fact]
    public async Task SectionsOfSeveralFolders_HaveNoCommonRoot()
    {
        var folder = Directory.CreateTempSubdirectory("flextls-test-");
        try
        {
            foreach (var name in new[] { "a", "b" })
            {
                await File.WriteAllTextAsync(
                    Path.Combine(folder.CreateSubdirectory(name).FullName, "appsettings.json"), "{}", Deadline.Token());
            }

            var run = await ToolRun.OfAsync(
                "check", $"{folder.FullName}/a/appsettings.json", $"{folder.FullName}/b/appsettings.json");

            Assert.Equal(2, run.ExitCode);
            Assert.Contains("check them one by one", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class SilentReader : TextReader
    {
        private readonly ManualResetEventSlim _end = new();
        private readonly TaskCompletionSource _reading = new();

        public Task Reading => _reading.Task;

        public override int ReadBlock(char[] buffer, int index, int count)
        {
            _reading.TrySetResult();
            _end.Wait();
            return 0;
        }

        protected override void Dispose(bool disposing)
        {
            _end.Set();
            base.Dispose(disposing);
        }
    }
}
