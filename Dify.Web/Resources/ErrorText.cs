namespace Dify.Web.Resources;

/// <summary>Words for error codes: the key is the code. A code without an entry shows its own message.</summary>
internal sealed class ErrorText;
