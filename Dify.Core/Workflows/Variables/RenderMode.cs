namespace Dify.Core.Workflows.Variables;

/// <summary>How values become text.</summary>
public enum RenderMode
{
    /// <summary>Prompts, references in settings, HTTP.</summary>
    Text,

    /// <summary>Answers.</summary>
    Markdown,

    /// <summary>The run log; secrets are masked.</summary>
    Log,
}
