namespace Dify.Core.Workflows.Files;

/// <summary>The bytes of a file value and what they are called.</summary>
/// <param name="Extension">Lower case, without the dot; empty when unknown.</param>
public sealed record FileContent(ReadOnlyMemory<byte> Bytes, string Name, string Extension, string MimeType);
