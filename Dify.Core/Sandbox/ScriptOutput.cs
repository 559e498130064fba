namespace Dify.Core.Sandbox;

/// <summary>What a script printed.</summary>
/// <param name="Text">Standard output.</param>
/// <param name="Error">Why the script broke or was ended; empty when it ended by itself.</param>
public sealed record ScriptOutput(string Text, string Error);
