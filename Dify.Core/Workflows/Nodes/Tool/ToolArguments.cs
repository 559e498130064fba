using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Tools;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Tool;

/// <summary>What a tool is called with.</summary>
/// <param name="Values">In the types of the tool's parameters.</param>
/// <param name="Logged">The flow's part of them, without secrets.</param>
internal sealed record ToolArguments(JsonObject Values, JsonObject Logged)
{
    private const string Hidden = "********";

    /// <exception cref="ToolException">A value is missing or does not fit.</exception>
    public static ToolArguments Resolve(ToolSettings settings, ToolDescription tool, VariablePool variables)
    {
        var arguments = new ToolArguments([], []);
        foreach (var (name, input) in settings.Parameters)
        {
            arguments.Add(name, input, tool.Parameters.FirstOrDefault(one => one.Name == name), variables);
        }

        foreach (var parameter in tool.Parameters)
        {
            arguments.Complete(parameter, settings, variables);
        }

        return arguments;
    }

    private void Add(string name, ToolInput input, ToolParameter? parameter, VariablePool variables)
    {
        if (parameter is null)
        {
            Logged[name] = null;
            return;
        }

        if (Read(input, parameter, variables, RenderMode.Text) is { } value)
        {
            Values[name] = parameter.Cast(value);
            Logged[name] = parameter.IsSecret ? Hidden : Read(input, parameter, variables, RenderMode.Log)?.DeepClone();
        }
    }

    private void Complete(ToolParameter parameter, ToolSettings settings, VariablePool variables)
    {
        if (Values[parameter.Name] is not null)
        {
            return;
        }

        var given = settings.Configurations.TryGetValue(parameter.Name, out var input) ? Read(input, parameter, variables, RenderMode.Text) : null;
        var isGiven = given is not null && !(given.GetValueKind() == JsonValueKind.String && given.GetValue<string>().Length == 0);
        Values[parameter.Name] = parameter.Cast(isGiven ? given : parameter.Default);
        if (parameter.IsRequired && Values[parameter.Name] is null)
        {
            throw ToolException.BadParameter($"Parameter {parameter.Name} is required. Open the node and fill in '{parameter.Label}'.");
        }
    }

    private static JsonNode? Read(ToolInput input, ToolParameter parameter, VariablePool variables, RenderMode mode)
    {
        switch (input.Kind)
        {
            case "variable":
                var selector = input.Value is JsonArray list ? NodeData.Strings(list) : [];
                if (!variables.TryGet(selector, out var value))
                {
                    return parameter.IsRequired
                        ? throw ToolException.BadParameter($"Variable {input.Value?.ToJsonString()} does not exist")
                        : null;
                }

                return mode == RenderMode.Log && variables.IsSecret(selector) ? VariableText.Mask(VariableText.Render(value, RenderMode.Text)) : value;
            case "mixed" or "constant" when input.Value?.GetValueKind() == JsonValueKind.String:
                return ReferenceTemplate.Parse(input.Value.GetValue<string>()).Render(variables, mode);
            case "mixed" or "constant":
                return input.Value;
            default:
                throw ToolException.BadParameter($"Unknown tool input type '{input.Kind}'");
        }
    }
}
