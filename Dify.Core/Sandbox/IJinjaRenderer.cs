using System.Text.Json.Nodes;

namespace Dify.Core.Sandbox;

/// <summary>Renders Jinja2 templates as Python's Jinja2 does, without Python's attributes.</summary>
public interface IJinjaRenderer
{
    /// <summary>Renders a template; a name that is not given is undefined and renders as nothing.</summary>
    /// <exception cref="TemplateException">The template is wrong, not supported, or ran into a limit.</exception>
    ValueTask<string> RenderAsync(string template, JsonObject variables, CancellationToken cancellationToken);
}
