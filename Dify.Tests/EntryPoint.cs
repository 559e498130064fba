using Dify.Tests.Benchmarks;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Dify.Tests;

/// <summary>
/// The entry point of the test executable: <c>Dify.Tests bench [names…]</c> measures; everything else is the test
/// platform's, as the entry point that xunit generates would do it.
/// </summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["bench", .. var names])
        {
            return await BenchmarkRunner.RunAsync(names);
        }

        return args.Any(argument => argument is "-automated" or "@@")
            ? await ConsoleRunner.Run(args)
            : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }
}
