namespace Dify.Core.Workflows.Engine;

/// <summary>What a node has said of one of its outputs while it worked, where an answer streams that output.</summary>
/// <param name="Name">The output.</param>
/// <param name="Text">All pieces together; null when they are the output's own text.</param>
/// <param name="IsClosed">Whether the last piece said so.</param>
public sealed record StreamedText(string Name, string? Text, bool IsClosed);
