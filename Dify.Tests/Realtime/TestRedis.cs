using Dify.Core.Realtime;
using Microsoft.Extensions.Options;
using Xunit;

namespace Dify.Tests.Realtime;

/// <summary>The Redis of <c>DIFY_TEST_REDIS</c>; without it the tests are skipped and say so.</summary>
internal static class TestRedis
{
    public static IOptions<RealtimeOptions> Options
    {
        get
        {
            var server = Environment.GetEnvironmentVariable("DIFY_TEST_REDIS");
            Assert.SkipWhen(string.IsNullOrEmpty(server), "no Redis server: DIFY_TEST_REDIS is not set");
            return Microsoft.Extensions.Options.Options.Create(new RealtimeOptions { Redis = server! });
        }
    }
}
