namespace Dify.Core.Workspaces.Setup;

/// <summary>The mark that the program was set up. Its key is always 1, so that the store takes only one.</summary>
internal sealed class SetupRecord
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    public DateTimeOffset CompletedAt { get; init; }
}
