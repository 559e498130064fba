namespace Dify.Core.Apps.Transfer;

/// <summary>What goes before what the file says; null: the file decides.</summary>
public sealed record ImportWishes
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary><c>emoji</c>, <c>image</c> or <c>link</c>.</summary>
    public string? IconType { get; init; }

    public string? Icon { get; init; }

    public string? IconBackground { get; init; }

    /// <summary>The workflow or chatflow whose draft the file replaces; null: a new app is made.</summary>
    public Guid? AppId { get; init; }
}
