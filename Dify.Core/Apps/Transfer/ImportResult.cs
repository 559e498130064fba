namespace Dify.Core.Apps.Transfer;

/// <summary>How an import went.</summary>
/// <param name="Id">Of the import; what a confirmation names.</param>
/// <param name="Status">What became of it.</param>
/// <param name="App">The app that was made or changed; null while it is pending or when it failed.</param>
/// <param name="ImportedVersion">The version that the file says; empty when it could not be read.</param>
/// <param name="Error">Why it failed, in Dify's words where it has words; empty otherwise.</param>
/// <param name="Report">What the app still needs; null without an app.</param>
public sealed record ImportResult(
    Guid Id, ImportStatus Status, App? App = null, string ImportedVersion = "", string Error = "", ImportReport? Report = null);
