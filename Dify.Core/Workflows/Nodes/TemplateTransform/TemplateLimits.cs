using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Workflows.Nodes.TemplateTransform;

/// <summary>Section <c>Workflows:Template</c>.</summary>
public sealed class TemplateLimits
{
    /// <summary><c>TEMPLATE_TRANSFORM_MAX_LENGTH</c>: characters of the output.</summary>
    [Range(1, 4_000_000)]
    public int MaxOutputLength { get; set; } = 400_000;
}
