namespace Dify.Web.Components.Pages.Knowledge.Ingest;

/// <summary>A file that the browser would like to send.</summary>
/// <param name="Size">Bytes.</param>
public sealed record OfferedFile(string Name, long Size);
