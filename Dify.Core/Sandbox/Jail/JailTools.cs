namespace Dify.Core.Sandbox.Jail;

/// <summary>The programs that a jail is made of.</summary>
/// <param name="Bubblewrap">Makes the namespaces.</param>
/// <param name="Prlimit">Sets the limits.</param>
/// <param name="Python">The interpreter, below <c>/usr</c>.</param>
/// <param name="Setpriv">Gives up root; null where we are not root.</param>
internal sealed record JailTools(string Bubblewrap, string Prlimit, string Python, string? Setpriv)
{
    /// <exception cref="SandboxUnavailableException">Something is missing; the message tells what.</exception>
    public static JailTools Find(IReadOnlyList<string> folders)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw Missing("This system is not Linux, which the Python sandbox needs");
        }

        return new JailTools(
            Find(folders, "bwrap") ?? throw Missing("bubblewrap (bwrap), which the Python sandbox needs, is not installed"),
            Find(folders, "prlimit") ?? throw Missing("prlimit (util-linux), which the Python sandbox needs, is not installed"),
            Find(folders, "python3") ?? throw Missing("python3 is not installed"),
            !Environment.IsPrivilegedProcess ? null
                : Find(folders, "setpriv") ?? throw Missing("setpriv (util-linux), which the Python sandbox needs when started as root, is not installed"));
    }

    private static string? Find(IReadOnlyList<string> folders, string name) => folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static SandboxUnavailableException Missing(string what) => new(
        $"{what}, so the code was not run. Install bubblewrap and python3 on this machine (apt-get install bubblewrap python3), "
        + "or start the sandbox service (docker compose up -d sandbox) and set CODE_EXECUTION_ENDPOINT and CODE_EXECUTION_API_KEY.");
}
