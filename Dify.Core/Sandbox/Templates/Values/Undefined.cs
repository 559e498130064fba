namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>What a name or attribute gives that is not there: empty as text, false, and an error in any other use.</summary>
internal sealed class Undefined(string message, string type = "UndefinedError")
{
    public string Message { get; } = message;

    public static Undefined Name(string name) => new($"{PyText.Repr(name)} is undefined");

    public static Undefined Attribute(object? owner, object? name) => new(name is string or Markup
        ? $"{PyText.Repr(PyType.ObjectName(owner))} has no attribute {PyText.Repr(name)}"
        : $"{PyType.ObjectName(owner)} has no element {PyText.Repr(name)}");

    public PyException Error() => new(type, Message);
}
