using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Realtime;

/// <summary>Where run events and stop signals travel, <c>Realtime</c> in the configuration.</summary>
public sealed class RealtimeOptions
{
    /// <summary>
    /// A connection string of StackExchange.Redis, or empty. With neither this nor <see cref="RedisHost"/> everything
    /// stays in this process, which then must be the only one.
    /// </summary>
    public string Redis { get; set; } = "";

    /// <summary><c>REDIS_HOST</c>.</summary>
    public string RedisHost { get; set; } = "";

    /// <summary><c>REDIS_PORT</c>.</summary>
    [Range(1, 65535)]
    public int RedisPort { get; set; } = 6379;

    /// <summary><c>REDIS_USERNAME</c>.</summary>
    public string RedisUsername { get; set; } = "";

    /// <summary><c>REDIS_PASSWORD</c>.</summary>
    public string RedisPassword { get; set; } = "";

    /// <summary><c>REDIS_USE_SSL</c>.</summary>
    public bool RedisUseSsl { get; set; }

    /// <summary><c>REDIS_DB</c>.</summary>
    [Range(0, 1024)]
    public int RedisDatabase { get; set; }

    public bool UsesRedis => Redis.Length > 0 || RedisHost.Length > 0;
}
