using System.Text.Json.Nodes;
using Dify.Core.Files;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Files;

/// <summary>Keeps bytes that a node made or fetched as a file of the run's user (Dify's "tool file").</summary>
public sealed class ProducedFiles(FileService files, FileValueBuilder values)
{
    /// <summary>Stores the bytes and returns the file value that stands for them.</summary>
    /// <param name="name">Any name; it is cleaned, and never used as a path.</param>
    public async ValueTask<JsonObject> SaveAsync(
        RunContext run, string name, string? mimeType, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var owner = FileOwner.Of(run);
        var file = await files.SaveProducedAsync(
            owner.WorkspaceId, name, mimeType, content, owner.AccountId, owner.EndUserId, cancellationToken);
        return values.OfProduced(file);
    }
}
