using Dify.Core.Common;

namespace Dify.Core.Sandbox;

/// <summary>A template cannot be rendered. The message is that of Jinja2.</summary>
public sealed class TemplateException(string message, Exception? inner = null)
    : DifyException(ErrorCodes.TemplateError, message, 400, inner)
{
    /// <summary>Line of the template, from 1; null when it is not known.</summary>
    public int? Line { get; init; }
}
