namespace Dify.Web.Components.Pages.Workflows.Forms;

/// <summary>A file that somebody puts into a form: being sent, stored, refused, or an address.</summary>
internal sealed class FormFile
{
    public string Key { get; } = Guid.CreateVersion7().ToString("N");

    public required string Name { get; init; }

    /// <summary>Set when the file is an address.</summary>
    public string? Address { get; init; }

    public string? StoredId { get; set; }

    public int Percent { get; set; }

    public string? Error { get; set; }

    public bool IsUploading => Address is null && StoredId is null && Error is null;
}
