namespace Dify.Tests.Support;

internal static class TemporaryFolder
{
    private const int Attempts = 40;

    /// <summary>
    /// Deletes a folder in which a database was. SQLite may close its side files a moment after the host has ended, so a
    /// deletion that meets a new file is repeated; a folder that stays is left to the system, for it is no test's finding.
    /// </summary>
    public static async Task DeleteAsync(string path)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException)
            {
                await Task.Delay(50);
            }
        }
    }
}
