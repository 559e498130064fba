using System.Text.Json.Nodes;

namespace Dify.Core.Sandbox;

/// <summary>Code of a user with a function <c>main</c>, and what <c>main</c> is given.</summary>
/// <param name="Language">What the code is written in.</param>
/// <param name="Code">Defines <c>main</c>: with named arguments in Python, with one object in JavaScript.</param>
/// <param name="Inputs">The arguments by name.</param>
public sealed record CodeRequest(CodeLanguage Language, string Code, JsonObject Inputs);
