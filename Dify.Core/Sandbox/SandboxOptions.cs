using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Sandbox;

/// <summary>Section <c>Sandbox</c>: where code of users runs, and how much it may use.</summary>
public sealed class SandboxOptions
{
    /// <summary><c>CODE_EXECUTION_ENDPOINT</c>: the sandbox service. Empty: code runs on this machine.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary><c>CODE_EXECUTION_API_KEY</c>: what the service asks for; <c>SANDBOX_API_KEY</c> on its side.</summary>
    public string ApiKey { get; set; } = "";

    [Range(1, 600)]
    public double ConnectTimeoutSeconds { get; set; } = 10;

    /// <summary>Seconds until the service has answered.</summary>
    [Range(1, 3600)]
    public double ReadTimeoutSeconds { get; set; } = 60;

    /// <summary>Seconds until the request is sent.</summary>
    [Range(1, 600)]
    public double WriteTimeoutSeconds { get; set; } = 10;

    /// <summary><c>SANDBOX_WORKER_TIMEOUT</c>: seconds that one run may take.</summary>
    [Range(1, 600)]
    public double RunTimeoutSeconds { get; set; } = 15;

    /// <summary>Where bubblewrap, Python and their like are looked for: never on the <c>PATH</c> of whoever started us.</summary>
    public string[] ToolFolders { get; set; } = ["/usr/bin", "/usr/local/bin", "/usr/sbin"];

    /// <summary>Memory of one run.</summary>
    [Range(32, 65_536)]
    public int MemoryMegabytes { get; set; } = 512;

    /// <summary>Processes and threads of one run of Python.</summary>
    [Range(1, 1024)]
    public int MaxProcesses { get; set; } = 16;

    /// <summary>Calls inside calls of JavaScript.</summary>
    [Range(16, 10_000)]
    public int MaxRecursion { get; set; } = 1_000;

    /// <summary>Statements of one run of JavaScript.</summary>
    [Range(1_000, int.MaxValue)]
    public int MaxStatements { get; set; } = 100_000_000;

    /// <summary>Bytes that a run may print, its result included.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxOutputBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary><c>SANDBOX_MAX_WORKERS</c>: runs at the same time; further ones wait.</summary>
    [Range(1, 256)]
    public int MaxRuns { get; set; } = Math.Max(4, Environment.ProcessorCount);
}
