using System.Text.Json.Nodes;

namespace Dify.Core.Tools;

/// <summary>A piece of what a tool gives.</summary>
public abstract record ToolMessage;

/// <summary>A piece of the tool's text.</summary>
public sealed record ToolText(string Text) : ToolMessage;

/// <summary>An object for the output <c>json</c>.</summary>
public sealed record ToolJson(JsonNode? Value) : ToolMessage;

/// <summary>An address that belongs to the text.</summary>
public sealed record ToolLink(string Address) : ToolMessage;

/// <summary>A file that the tool made.</summary>
public sealed record ToolFile(string Name, string? MimeType, ReadOnlyMemory<byte> Content) : ToolMessage;

/// <summary>An output of the tool's own.</summary>
/// <param name="IsPiece">The value is a piece of a text that is shown while it comes.</param>
public sealed record ToolVariable(string Name, JsonNode? Value, bool IsPiece = false) : ToolMessage;
