namespace Dify.Web.Hosting;

internal enum HostMode
{
    /// <summary>Pages, APIs and background jobs.</summary>
    All,

    /// <summary>Pages and APIs.</summary>
    Web,

    /// <summary>Background jobs and the health checks.</summary>
    Worker,

    /// <summary>Only the sandbox service.</summary>
    Sandbox,

    /// <summary>Brings the store to this version's schema and ends.</summary>
    Migrate,
}
