namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>An error that Python or Jinja2 would raise while a template is rendered.</summary>
internal sealed class PyException(string type, string message) : Exception(message)
{
    /// <summary>Python's class, as <c>TypeError</c>.</summary>
    public string Type { get; } = type;

    public static PyException TypeError(string message) => new("TypeError", message);

    public static PyException ValueError(string message) => new("ValueError", message);

    public static PyException Undefined(string message) => new("UndefinedError", message);

    public static PyException Limit(string message) => new("OverflowError", message);

    public static PyException Unsupported(string what) => new("NotSupportedError", $"{what} is not supported in templates.");
}
