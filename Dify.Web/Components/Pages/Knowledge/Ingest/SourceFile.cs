namespace Dify.Web.Components.Pages.Knowledge.Ingest;

/// <summary>A file on its way to a knowledge base.</summary>
public sealed class SourceFile(string name, long size)
{
    public string Key { get; } = Guid.CreateVersion7().ToString("N");

    public string Name => name;

    /// <summary>Bytes.</summary>
    public long Size => size;

    /// <summary>0 to 100.</summary>
    public int Percent { get; set; }

    /// <summary>Set once the server has it.</summary>
    public Guid? FileId { get; set; }

    /// <summary>Why it is not taken, in words; null while all is well.</summary>
    public string? Error { get; set; }

    public bool IsUploading => FileId is null && Error is null;
}
