using System.Text.Json.Nodes;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Workflows.Inputs;

namespace Dify.Core.Chat;

/// <summary>The form of a basic app, checked by the rules of every start form.</summary>
internal static class InputForm
{
    /// <param name="earlier">The conversation's values, which count where the caller says nothing.</param>
    /// <exception cref="DifyException"><c>invalid_param</c> that names the variable.</exception>
    public static JsonObject Read(IReadOnlyList<UserInputField> form, JsonObject given, JsonObject? earlier)
    {
        var values = InputRules.Read(AppForms.Of(form), given, earlier);
        foreach (var field in form)
        {
            // Prompts of basic apps are filled with these values as they are.
            values[field.Input.Variable] ??= field.Kind switch { StartField.Number => null, StartField.Checkbox => false, _ => "" };
        }

        return values;
    }
}
