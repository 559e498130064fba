namespace Dify.Core.Sandbox;

/// <summary>Languages that users write code in.</summary>
public enum CodeLanguage
{
    Python3,
    JavaScript,
}
