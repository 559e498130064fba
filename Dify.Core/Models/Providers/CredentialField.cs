namespace Dify.Core.Models.Providers;

/// <summary>One input of a credential form.</summary>
/// <param name="Name">Key on the wire, as <c>api_key</c> or <c>base_url</c>.</param>
/// <param name="Kind"><c>text</c>, <c>url</c> or <c>number</c>.</param>
/// <param name="Secret">Write-only: never sent back, shown as a hint.</param>
/// <param name="Help">One English sentence; pages translate by provider and name.</param>
public sealed record CredentialField(string Name, string Label, string Kind, bool Required, bool Secret, string Default, string Help);
